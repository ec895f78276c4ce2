import Kernel
import NIOCore
import SystemErrors
import Wire

extension HostDriver {
    /// Carries out one effect.
    func perform(_ effect: Effect, _ node: Node) {
        switch effect {
        case .open(let id, let endpoint, let expected, let timeout):
            dial(id, endpoint, expecting: expected, timeout: timeout)
        case .send(let id, let message):
            if let connection = connections[id] { send(message, over: connection, id) }
        case .shutdownWrite(let id):
            guard let connection = connections[id], !connection.isWriteShut else { return }
            connection.isWriteShut = true
            touch(connection)
        case .stopReading(let id):
            if let connection = connections[id] { stopReading(connection) }
        case .close(let id, _):
            if let connection = connections.remove(id) { close(connection) }
        case .socketOptions(let id, let options):
            tune(id, options)
        case .persist(let space, let batch, let token):
            answer(services.write(StoreCommit(space: space, batch: batch), on: loop)) {
                .persisted(token)
            } orElse: {
                .persistFailed(token, StoreFailure($0))
            }
        case .read(let space, let query, let token):
            answer(services.read(query, in: space, on: loop)) {
                .rows(token, $0)
            } orElse: {
                .readFailed(token, StoreFailure($0))
            }
        case .verify(let checks, let token):
            answer(services.verify(checks, on: loop)) {
                .verified(token, .checked($0))
            } orElse: {
                .verified(token, .failed("\($0)"))
            }
        case .resolve(let name, let token):
            names.resolve(name) {
                guard case .running = self.phase else { return }
                self.take(.resolved(token, $0))
            }
        case .answer(let request, let result): submissions.removeValue(forKey: request)?(result)
        case .observe(let event):
            if case .linkUp(let id, let peer, _, _) = event { markUp(id, as: peer) }
            observe(event)
        }
    }

    /// Tells the node the outcome of what it asked of another thread.
    private func answer<Value: Sendable>(
        _ future: EventLoopFuture<Value>, _ input: @escaping (Value) -> Input,
        orElse failure: @escaping (any Error) -> Input
    ) {
        future.assumeIsolated().whenComplete { result in
            guard case .running = self.phase else { return }
            switch result {
            case .success(let value): self.take(input(value))
            case .failure(let error): self.take(failure(error))
            }
        }
    }

    private func send(_ message: Message, over connection: LinkConnection, _ id: LinkID) {
        guard connection.stage == .open, !connection.hasFailed, let channel = connection.channel else { return }
        let size = message.encodedSize
        switch connection.queue.verdict(on: size, isDroppable: message.isDroppable) {
        case .queued: break
        case .dropped:
            observe(.messageDropped(id, message.channel, .queueFull))
            return
        case .full:
            fail(connection, .queueFull)
            return
        }
        if connection.enqueue(message, size, channel.allocator, at: clock.now) {
            counters.framesSent += 1
            touch(connection)
        } else {
            observe(.note(.error, "a message for \(id) is over the limit of its channel and was not sent"))
        }
    }

    /// Writes what a turn has said to a link, all of it at once; and what waited, as far as the host's TCP keeps up.
    func write(_ connection: LinkConnection) {
        guard let channel = connection.channel else { return }
        var dropped: [Wire.Channel] = []
        let buffer = connection.takeOutgoing(at: clock.now, dropped: &dropped)
        for kind in dropped { observe(.messageDropped(connection.id, kind, .waitedTooLong)) }
        let bytes = buffer.readableBytes
        guard bytes > 0 else { return }
        counters.writes += 1
        counters.bytesSent += UInt64(bytes)
        willWrite(bytes, over: connection)
        let promise = loop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { result in
            connection.queue.taken(bytes)
            if case .failure(let error) = result {
                self.noteFailure(connection, error)
            } else if !connection.queue.isEmpty {
                self.write(connection)
            }
            self.advance(connection)
        }
        channel.writeAndFlush(buffer, promise: promise)
        hasWritten(over: connection)
    }

    private func stopReading(_ connection: LinkConnection) {
        connection.isReadingStopped = true
        try? connection.channel?.syncOptions?.setOption(.autoRead, value: false)
    }

    private func markUp(_ id: LinkID, as peer: Identity) {
        guard let connection = connections[id], !connection.isUp else { return }
        connection.isUp = true
        // The segments of a handshake are acknowledged at once, those of later days when the other end gets to it.
        _ = SocketPath.measure(connection, now: clock.now)
        doorway.leave(connection)
        if let remote = connection.remote { masternodeSites.learn(peer, at: remote.ip) }
    }

    private func tune(_ id: LinkID, _ options: SocketOptions) {
        guard let connection = connections[id], connection.stage == .open, let channel = connection.channel else {
            return
        }
        do {
            try SocketTuning.apply(options, to: channel)
        } catch {
            observe(
                .note(.warning, "the system refuses the socket options of link \(id): \(SystemErrorText.of(error))"))
        }
        watch(connection, options)
    }
}
