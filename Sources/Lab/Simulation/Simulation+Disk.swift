import Kernel

/// One thing that a process asks of its disk.
enum DiskJob {
    case write(StoreBatch)
    case read(StoreQuery)
}

// One disk a host, which does one thing after the other. What it has not answered for when the process or the machine
// dies may be on it or not.
extension Simulation {
    /// What one durable write, or one read, takes, in nanoseconds.
    private static let cost: Int64 = 300_000

    mutating func queue(_ job: DiskJob, _ token: Token, _ host: Int) {
        hosts[host].diskJobs.append((token, job))
        let start = UInt32(truncatingIfNeeded: hosts[host].starts)
        events.push(.disk(host: Int32(host), start: start), at: now + Self.cost + hosts[host].diskDelay)
    }

    mutating func diskDone(_ host: Int, _ start: UInt32) {
        guard UInt32(truncatingIfNeeded: hosts[host].starts) == start, !hosts[host].diskJobs.isEmpty else { return }
        let (token, job) = hosts[host].diskJobs.removeFirst()
        deliver(outcome(of: job, token, host), to: host)
    }

    private func outcome(of job: DiskJob, _ token: Token, _ host: Int) -> Input {
        do {
            switch job {
            case .write(let batch):
                if hosts[host].fullDisks > 0 { return .storeFailed(token, "no space left on the disk") }
                try hosts[host].store?.apply(batch)
                return .persisted(token)
            case .read(let query):
                return .rows(token, try hosts[host].store?.rows(query) ?? [])
            }
        } catch {
            return .storeFailed(token, "\(error)")
        }
    }

    /// The process is gone: some of what was on its way to the disk has arrived there, in order, the rest has not.
    mutating func abandonDisk(of host: Int) {
        let jobs = hosts[host].diskJobs
        hosts[host].diskJobs = []
        guard !jobs.isEmpty else { return }
        var draw = RandomStream(seed: seed, name: "disk \(host) \(hosts[host].starts)")
        for (token, job) in jobs.prefix(Int(draw.below(UInt64(jobs.count + 1)))) { _ = outcome(of: job, token, host) }
    }
}
