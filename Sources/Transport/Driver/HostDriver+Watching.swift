import Kernel
import NIOCore

// Links that get nowhere, by the driver's own clock: what we send is not taken, or the other host says nothing at all.
extension HostDriver {
    /// Does as a liveness module asks; what was waited for before counts no more.
    func watch(_ connection: LinkConnection, _ options: SocketOptions) {
        if connection.writeDeadline != options.writeDeadline {
            connection.writeDeadline = options.writeDeadline
            connection.writeWatch?.cancel()
            connection.writeWatch = nil
            connection.writeProgress = WriteProgress(at: .now(), connection.writeMark)
            if !connection.queue.isDrained { watchWrites(of: connection) }
        }
        connection.hostSilence = options.hostSilence
        connection.silenceWatch?.cancel()
        connection.silenceWatch = nil
        if let limit = options.hostSilence { watchSilence(of: connection, after: limit) }
    }

    // MARK: Writing

    /// So many bytes are about to be written, which are counted in the queue already.
    func willWrite(_ bytes: Int, over connection: LinkConnection) {
        guard connection.writeDeadline != nil else { return }
        if connection.queue.handedBytes == bytes {
            // Where nothing waited before, the wait begins now.
            connection.writeProgress = WriteProgress(at: .now(), connection.writeMark)
        } else {
            connection.writeProgress.see(buffered: connection.bufferedBytes, at: .now())
        }
    }

    func hasWritten(over connection: LinkConnection) {
        guard connection.writeDeadline != nil else { return }
        connection.writeProgress.wrote(buffered: connection.bufferedBytes)
        if !connection.queue.isDrained { watchWrites(of: connection) }
    }

    /// Sees to it that a link ends where nothing of what waits is taken for as long as a module allows. It looks four
    /// times within that, since whoever looks only at the end cannot tell when the last byte was taken.
    private func watchWrites(of connection: LinkConnection) {
        guard connection.writeWatch == nil, let limit = connection.writeDeadline else { return }
        let due = NIODeadline.now() + TimeAmount(max(.milliseconds(1), limit / 4))
        connection.writeWatch = loop.assumeIsolated().scheduleTask(deadline: due) {
            connection.writeWatch = nil
            self.judgeWrites(of: connection, late: .now() - due)
        }
    }

    private func judgeWrites(of connection: LinkConnection, late: TimeAmount) {
        guard connection.stage == .open, !connection.hasFailed, !connection.queue.isDrained,
            let limit = connection.writeDeadline
        else { return }
        // Whoever looks late stood still, and has not heard yet what the host's TCP took meanwhile.
        if late > .milliseconds(100) {
            connection.writeProgress = WriteProgress(at: .now(), connection.writeMark)
        } else {
            let mark = connection.writeMark
            let hasMoved = connection.writeProgress.see(mark, at: .now())
            // What is said behind a backlog is not asked yet: a peer must not be blamed for a slow path.
            if hasMoved, mark.buffered > 0 || !connection.queue.isEmpty, let id = connection.id {
                noteProgress(connection, id)
                turn()
            }
        }
        if connection.writeProgress.wait(at: .now()) >= TimeAmount(limit) {
            connection.failure = connection.failure ?? .timedOut
            connection.abandon()
        } else {
            watchWrites(of: connection)
        }
    }

    // MARK: Silence

    private func watchSilence(of connection: LinkConnection, after delay: Duration) {
        connection.silenceWatch = loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
            connection.silenceWatch = nil
            self.judgeSilence(of: connection)
        }
    }

    /// The host's TCP has listened while we stood still, so nobody has to be forgiven anything.
    private func judgeSilence(of connection: LinkConnection) {
        guard connection.stage == .open, !connection.hasFailed, let limit = connection.hostSilence,
            let path = SocketPath.read(connection)
        else { return }
        let silence = Duration.milliseconds(Int64(min(path.data_age_ms, path.acknowledgement_age_ms)))
        if silence >= limit {
            connection.failure = connection.failure ?? .timedOut
            connection.abandon()
        } else {
            watchSilence(of: connection, after: max(.milliseconds(1), limit - silence))
        }
    }

    // MARK: Progress

    /// Between two reports of a link's progress.
    static let progressInterval: Duration = .seconds(1)

    /// Bytes have come, and no message is whole by them; or a backlog of ours gets shorter.
    func noteProgress(_ connection: LinkConnection, _ id: LinkID) {
        guard connection.isUp, connection.takesInput else { return }
        let now = clock.now
        if let last = connection.progressToldAt, now - last < Self.progressInterval { return }
        connection.progressToldAt = now
        begin(.progress(id))
    }
}

extension LinkConnection {
    /// What has been written to the channel and the host's TCP has not taken. Under TLS these are encrypted bytes.
    var bufferedBytes: Int { (try? channel?.syncOptions?.getOption(.bufferedWritableBytes)) ?? queue.handedBytes }

    /// How far writing has come.
    var writeMark: WriteProgress.Mark {
        WriteProgress.Mark(
            buffered: bufferedBytes, acknowledged: SocketPath.read(self)?.bytes_acknowledged ?? 0
        )
    }

    /// Nobody looks any more.
    func endWatches() {
        writeWatch?.cancel()
        writeWatch = nil
        silenceWatch?.cancel()
        silenceWatch = nil
    }
}
