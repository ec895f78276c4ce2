import Kernel
import NIOCore
import NIOSSL
import SystemErrors
import Wire

// What the sockets of links tell the driver.
extension HostDriver {
    /// A connection is there; under TLS its handshake begins.
    func connected(_ connection: LinkConnection) {
        if connection.tls == nil {
            opened(connection, identity: nil)
        } else {
            limitHandshake(of: connection)
        }
    }

    /// Sets the deadline of a TLS handshake that begins.
    private func limitHandshake(of connection: LinkConnection) {
        let due = NIODeadline.now() + TimeAmount(configuration.transport.tlsTimeout)
        // The dial as a whole may have less time left, and then that is what has run out.
        if let dial = connection.dialDeadline, dial <= due { return }
        connection.deadline?.cancel()
        connection.deadline = loop.assumeIsolated().scheduleTask(deadline: due) {
            self.openingFailed(connection, .tlsTimeout)
        }
    }

    /// The TLS handshake is done. The peer's key is known for certain only here.
    func handshakeCompleted(_ connection: LinkConnection, protocol negotiated: String?) {
        guard connection.stage == .opening else { return }
        let verdict = TLSSecurity.verdict(
            connection.tls?.peerCertificate, speaking: negotiated, expected: connection.expected, now: clock.wall
        )
        switch verdict {
        case .success(let identity): opened(connection, identity: identity)
        case .failure(let refusal):
            // The other end may take it for a link, and the node will not hear of it.
            sayGoodbye(refusal.reason, over: connection)
            // An acceptor is not done yet, and its TLS (SwiftNIO's) gives up a handshake whose last words come together
            // with an end of stream.
            connection.leavesEndToPeer = connection.direction == .dialled
            openingFailed(connection, refusal.reason)
            turn()
        }
    }

    /// Says why the driver ends a connection, behind what the node has said over it. Nothing where it cannot wait.
    private func sayGoodbye(_ reason: Reason, over connection: LinkConnection) {
        // Whoever speaks another protocol would not understand it.
        guard reason != .protocolVersion, let channel = connection.channel else { return }
        let message = Message.goodbye(reason)
        let size = message.encodedSize
        guard case .queued = connection.queue.verdict(on: size, isDroppable: false),
            connection.enqueue(message, size, channel.allocator, at: clock.now)
        else { return }
        touch(connection)
    }

    private func opened(_ connection: LinkConnection, identity: Identity?) {
        guard connection.stage == .opening, let node, let remote = connection.remote else { return }
        connection.stage = .open
        connection.deadline?.cancel()
        connection.deadline = nil
        SocketTuning.limitUnsent(connection.channel)
        if let id = connection.id {
            take(.opened(id, identity: identity))
        } else {
            let now = clock.now
            let id = node.admit(from: remote, at: now)
            recorder?.admitted(id, from: remote, at: now)
            connection.id = id
            connections.insert(connection, as: id)
            take(.accepted(id, identity: identity))
        }
    }

    /// Bytes of a link's stream have come.
    func received(_ bytes: ByteBuffer, on connection: LinkConnection) {
        guard connection.takesInput, let id = connection.id else { return }
        counters.bytesReceived += UInt64(bytes.readableBytes)
        // Handshakes are small, and many links idle from then on.
        if connection.tls != nil, !connection.isUp { bytes.giveBackUnwrittenPages() }
        connection.append(bytes)
        do throws(FrameError) {
            // The node may have stopped reading or ended the link over the message before.
            var isWhole = false
            while connection.takesInput, let message = try connection.decoder.next(from: &connection.incoming) {
                isWhole = true
                noteUnknownFields(connection, id, message)
                counters.framesReceived += 1
                if !connection.isUp { connection.noteIncarnation(in: message) }
                begin(.received(id, message))
            }
            if !isWhole { noteProgress(connection, id) }
            if connection.takesInput { connection.trim() } else { connection.incoming = ByteBuffer() }
        } catch {
            observe(.note(.warning, "link \(id) ends: \(error)"))
            reject(connection, error.reason)
            connection.incoming = ByteBuffer()
        }
    }

    private func noteUnknownFields(_ connection: LinkConnection, _ id: LinkID, _ message: Message) {
        guard connection.decoder.messagesWithUnknownFields > connection.messagesWithUnknownFields else { return }
        connection.messagesWithUnknownFields = connection.decoder.messagesWithUnknownFields
        observe(.fieldsIgnored(id, message.channel))
    }

    /// The reads of one event are over: the node's turn.
    func readCompleted(_ connection: LinkConnection) {
        // A turn that a message began goes to its end, also where that message ended the link.
        guard connection.stage == .open || moment != nil else { return }
        turn()
        // Before a link is up only the links channel is of use; a frame beyond its limit is no business of a stranger.
        if connection.takesInput, !connection.isUp,
            connection.incoming.readableBytes + connection.decoder.heldBytes > Frame.headerBytes + Channel.links.limit
        {
            reject(connection, .unexpectedMessage)
            turn()
        }
    }

    /// The other end sends no more.
    func inputClosed(_ connection: LinkConnection) {
        guard !connection.isInputClosed else { return }
        connection.isInputClosed = true
        switch connection.stage {
        case .open:
            guard !connection.hasFailed, let id = connection.id else { return }
            take(.ended(id, .endOfStream))
        case .closing: advance(connection)
        case .opening: openingFailed(connection, connection.failure ?? connection.handshakeWithoutEnd)
        case .closed: break
        }
    }

    /// The transport says that something is wrong.
    func failed(_ connection: LinkConnection, _ error: any Error) {
        // A TLS peer that died says no goodbye; its host's end of stream is what plain TCP has too, and every frame
        // says its length, so nothing can be cut short unseen.
        if case NIOSSLError.uncleanShutdown = error { return }
        noteFailure(connection, error)
        connection.abandon()
    }

    /// Remembers the first cause, for when the connection is gone.
    func noteFailure(_ connection: LinkConnection, _ error: any Error) {
        guard connection.failure == nil, connection.stage != .closed else { return }
        var reason = Reason(error, isOpening: connection.stage == .opening)
        if reason == .endOfStream { reason = connection.handshakeWithoutEnd }
        connection.failure = reason
        if reason == .transportFailed || reason == .tlsFailed {
            let remote = connection.remote?.description ?? "address not known"
            observe(
                .note(.debug, "\(connection.direction.rawValue) connection, \(remote): \(SystemErrorText.of(error))"))
        }
    }

    /// The connection is gone.
    func disconnected(_ connection: LinkConnection) {
        switch connection.stage {
        case .opening:
            openingFailed(connection, connection.failure ?? (connection.tls == nil ? .reset : .tlsFailed))
        case .open: streamEnded(connection)
        case .closing, .closed: break
        }
        connection.stage = .closed
        turn()
    }

    /// Tells the node how the stream of an open link came to its end. Where our own end of stream is out, the other
    /// end's closes the socket before anybody is told of it.
    private func streamEnded(_ connection: LinkConnection) {
        let isOrderly = connection.failure == nil && connection.isOutputClosed
        guard isOrderly, let id = connection.id else {
            fail(connection, connection.failure ?? .reset)
            return
        }
        if !connection.isInputClosed, !connection.hasFailed { queue(.ended(id, .endOfStream)) }
        connection.isInputClosed = true
    }

    /// Ends a link that the node knows because of what the other end did, and tells both of it.
    func reject(_ connection: LinkConnection, _ reason: Reason) {
        guard connection.stage == .open, !connection.hasFailed else { return }
        sayGoodbye(reason, over: connection)
        fail(connection, reason)
    }

    /// Ends a link that the node knows for a reason of the driver's; told behind what has been received.
    func fail(_ connection: LinkConnection, _ reason: Reason) {
        guard !connection.hasFailed, let id = connection.id else { return }
        connection.hasFailed = true
        queue(.ended(id, .failed(reason)))
    }
}

// MARK: - Endings

extension HostDriver {
    /// Nothing came of a dial, or of an accepted connection before the node heard of it.
    func openingFailed(_ connection: LinkConnection, _ reason: Reason) {
        guard connection.stage == .opening else { return }
        if let id = connection.id {
            connections.remove(id)
            close(connection)
            take(.openFailed(id, reason))
        } else {
            counters.door.refusedHandshakes += 1
            refuse(connection, reason)
        }
    }

    /// Ends an accepted connection that the node never heard of.
    func refuse(_ connection: LinkConnection, _ reason: Reason) {
        if let remote = connection.remote { tell(endOf: remote, reason) }
        close(connection)
    }

    /// Ends a connection that the node is done with: what is queued goes out but for load, then our end of stream, and what
    /// the other end still sends is thrown away until its own end of stream comes or `closingLimit` has passed.
    ///
    /// Closing a socket with unread data makes the host send a reset, and a reset can overtake what we said last: the
    /// peer would not learn why it was refused. Where reading was stopped there is no reading on either, and the reset
    /// is what the peer gets.
    func close(_ connection: LinkConnection) {
        // One that was not open has nothing to send, unless it was refused behind its TLS handshake.
        let wasOpen = connection.stage == .open || !connection.queue.isDrained
        guard connection.stage == .opening || connection.stage == .open else { return }
        connection.stage = .closing
        connection.incoming = ByteBuffer()
        connection.dropLoad()
        connection.deadline?.cancel()
        connection.deadline = loop.assumeIsolated().scheduleTask(in: TimeAmount(Self.closingLimit)) {
            connection.abandon()
        }
        guard wasOpen else {
            connection.abandon()
            return
        }
        touch(connection)
    }

    /// How long an ended link's socket may linger.
    static let closingLimit: Duration = .seconds(1)

    /// Goes on with the ending of a link as soon as nothing waits to be sent.
    func advance(_ connection: LinkConnection) {
        guard connection.isDrained, let channel = connection.channel else { return }
        switch connection.stage {
        case .closing where connection.isInputClosed || connection.isReadingStopped:
            channel.close(mode: .all, promise: nil)
        case .closing, .open:
            guard connection.stage == .closing || connection.isWriteShut, !connection.isOutputClosed,
                !connection.leavesEndToPeer
            else { return }
            connection.isOutputClosed = true
            channel.close(mode: .output, promise: nil)
        case .opening, .closed: break
        }
    }

    /// Drops a socket that is gone, or that never came to be.
    func forget(_ connection: LinkConnection) {
        connection.stage = .closed
        connection.deadline?.cancel()
        connection.deadline = nil
        connection.endWatches()
        guard sockets.removeValue(forKey: connection.serial) != nil else { return }
        doorway.leave(connection)
        connection.channel = nil
        connection.tls = nil
        if sockets.isEmpty, case .stopping(let promise) = phase { promise.succeed() }
    }
}
