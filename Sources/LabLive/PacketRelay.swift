import CTunnel
import Foundation
import Kernel
import Lab
import Synchronization
import SystemErrors

/// Cables with latency, jitter and loss, for kernels without a network emulator: each host and the router have a TUN
/// interface, and a thread of this process carries the packets from one to the other.
///
/// A packet waits on the way from its sender to the router, for the latency of the pair that it is of; packets of a pair
/// never overtake each other. One in so many is lost there. From the router to the receiver it goes at once.
final class PacketRelay: Sendable {
    /// A packet on its way.
    private struct Packet {
        let due: Int64
        let bytes: [UInt8]
    }

    /// A cable: the host's end and the router's.
    private struct Cable {
        var host: Int32
        var router: Int32
        /// On the way to the router, one queue per receiver.
        var queues: [[Packet]]
        var lastDue: [Int64]
    }

    /// More packets in one queue than this are lost, as in a router.
    private static let queueLimit = 16_384
    /// The largest packet of an interface with the usual 1,500 bytes.
    private static let largest = 2_048

    private let addresses: [UInt32]
    private let latencies: [[Int64]]
    private let jitters: [[UInt64]]
    private let losses: [[UInt64]]
    private let cables: Mutex<[Cable?]>
    private let random: Mutex<RandomStream>
    private let isStopped = Mutex(false)
    private let ended = DispatchSemaphore(value: 0)
    private let isStarted = Mutex(false)

    /// A veth pair takes some 50 µs; what is asked for beyond a millisecond, or any loss, needs this.
    static func isNeeded(for scenario: Scenario) -> Bool {
        let network = scenario.network
        let isSlow = network.latency.upperBound + network.jitter > .milliseconds(1)
        return isSlow || network.lossPerMillion > 0
            || network.paths.contains {
                $0.latency + ($0.jitter ?? network.jitter) > .milliseconds(1) || ($0.lossPerMillion ?? 0) > 0
            }
    }

    init(_ scenario: Scenario, seed: UInt64) {
        let hosts = scenario.network.hosts
        addresses = hosts.map { $0.endpoint.ip.version4Bits ?? 0 }
        latencies = hosts.indices.map { first in
            hosts.indices.map { first == $0 ? 0 : scenario.pairLatency(first, $0, seed: seed).nanoseconds }
        }
        let network = scenario.network
        jitters = hosts.indices.map { first in
            hosts.indices.map { UInt64(max(0, network.jitter(first, $0).nanoseconds)) }
        }
        losses = hosts.indices.map { first in hosts.indices.map { UInt64(network.lossPerMillion(first, $0)) } }
        cables = Mutex(Array(repeating: nil, count: hosts.count))
        random = Mutex(RandomStream(seed: seed, name: "packet relay"))
    }

    deinit {
        cables.withLock { cables in
            for case let cable? in cables {
                close(cable.host)
                close(cable.router)
            }
        }
    }

    /// Makes the two interfaces of a host's cable: `eth0` at the host, `port` at the router.
    ///
    /// - Throws: ``LiveError`` `tool-failed` where this machine refuses TUN interfaces.
    func attach(_ host: Int, space: String, router: String, port: String) throws(LiveError) {
        let near = tunnel_open(space, "eth0")
        guard near >= 0 else { throw Self.refused(near) }
        let far = tunnel_open(router, port)
        guard far >= 0 else {
            close(near)
            throw Self.refused(far)
        }
        let cable = Cable(
            host: near, router: far, queues: Array(repeating: [], count: addresses.count),
            lastDue: Array(repeating: 0, count: addresses.count)
        )
        cables.withLock { $0[host] = cable }
    }

    private static func refused(_ code: Int32) -> LiveError {
        LiveError(.toolFailed, "cannot make a TUN interface: \(SystemErrorText.words(-code))")
    }

    /// The cable is pulled out, with what was on its way.
    func detach(_ host: Int) {
        cables.withLock { cables in
            if let cable = cables[host] {
                close(cable.host)
                close(cable.router)
            }
            cables[host] = nil
        }
    }

    // MARK: The thread

    func start() {
        isStarted.withLock { $0 = true }
        let thread = Thread { [self] in
            while !isStopped.withLock({ $0 }) { turn() }
            ended.signal()
        }
        thread.name = "packet relay"
        thread.qualityOfService = .userInteractive
        thread.start()
    }

    func stop() {
        let wasStopped = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return isStopped
        }
        if !wasStopped, isStarted.withLock({ $0 }) { ended.wait() }
    }

    /// Sends what is due, then waits for a packet or the next due one, at most 50 ms.
    private func turn() {
        let (waits, next) = cables.withLock { cables -> ([pollfd], Int64) in
            let next = Self.sendDue(&cables)
            let files = cables.compactMap { $0 }.flatMap { [$0.host, $0.router] }
            return (files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }, next)
        }
        var files = waits
        let wait = max(0, min(50_000_000, next - Self.now))
        let ready = tunnel_wait(&files, Int32(files.count), Int(wait))
        guard ready > 0 else { return }
        cables.withLock { cables in
            for host in cables.indices { take(from: host, &cables) }
        }
    }

    /// - Returns: when the next packet is due.
    private static func sendDue(_ cables: inout [Cable?]) -> Int64 {
        var next = Int64.max
        let now = Self.now
        for host in cables.indices {
            guard let cable = cables[host] else { continue }
            for receiver in cable.queues.indices {
                let due = cable.queues[receiver].prefix { $0.due <= now }
                for packet in due { _ = write(cable.router, packet.bytes, packet.bytes.count) }
                if !due.isEmpty { cables[host]?.queues[receiver].removeFirst(due.count) }
                if let first = cables[host]?.queues[receiver].first { next = min(next, first.due) }
            }
        }
        return next
    }

    /// Reads all that the two interfaces of a cable have.
    private func take(from host: Int, _ cables: inout [Cable?]) {
        guard let cable = cables[host] else { return }
        var buffer = [UInt8](repeating: 0, count: Self.largest)
        while true {
            let count = read(cable.host, &buffer, buffer.count)
            guard count > 0 else { break }
            send(Array(buffer[..<count]), from: host, &cables)
        }
        while true {
            let count = read(cable.router, &buffer, buffer.count)
            guard count > 0 else { break }
            _ = write(cable.host, buffer, count)
        }
    }

    private func send(_ bytes: [UInt8], from host: Int, _ cables: inout [Cable?]) {
        // IPv4, the destination at bytes 16 to 19; a kernel's IPv6 neighbour talk has nobody to talk to.
        guard bytes.count >= 20, bytes[0] >> 4 == 4 else { return }
        let destination = bytes[16..<20].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // A translated host is dialled by nobody; answers to it go to the router, which is as near as the nearest.
        let receiver = addresses.firstIndex(of: destination)
        let base = receiver.map { latencies[host][$0] } ?? latencies[host].filter { $0 > 0 }.min() ?? 0
        let queue = receiver ?? host
        let (isLost, extra) = random.withLock { random in
            (random.chance(losses[host][queue], in: 1_000_000), Int64(random.below(jitters[host][queue])))
        }
        guard !isLost, var cable = cables[host], cable.queues[queue].count < Self.queueLimit else { return }
        let due = max(cable.lastDue[queue], Self.now + base + extra)
        cable.lastDue[queue] = due
        cable.queues[queue].append(Packet(due: due, bytes: bytes))
        cables[host] = cable
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
