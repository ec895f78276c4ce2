import Kernel

// One disk a host. It takes one write's bytes after the other and does several syncs at once, as a store does that makes
// one transaction of the batches that wait; what it has done it says in the order in which it was asked. What it has not
// answered for when the process or the machine dies may be on it or not.
extension Simulation {
    /// Takes a `persist` or a `read`.
    mutating func queue(_ job: Effect, _ host: Int) {
        hosts[host].diskJobs.append(job)
        let costs = profile(of: host).storeCosts
        var time = now + costs.read.nanoseconds
        if case .persist(_, let batch, _) = job {
            let start = max(now, hosts[host].diskWrittenAt)
            hosts[host].diskWrittenAt = start + costs.writing(batch.writtenBytes).nanoseconds
            time = hosts[host].diskWrittenAt + costs.sync.nanoseconds
        }
        hosts[host].diskDoneAt = max(time + hosts[host].diskDelay, hosts[host].diskDoneAt)
        let start = UInt32(truncatingIfNeeded: hosts[host].starts)
        events.push(.disk(host: Int32(host), start: start), at: hosts[host].diskDoneAt)
    }

    mutating func diskDone(_ host: Int, _ start: UInt32) {
        guard UInt32(truncatingIfNeeded: hosts[host].starts) == start, let job = hosts[host].diskJobs.popFirst() else {
            return
        }
        if let input = outcome(of: job, host) { deliver(input, to: host) }
    }

    private func outcome(of job: Effect, _ host: Int) -> Input? {
        if case .persist = job, hosts[host].fullDisks > 0 { return job.storeFailed(Self.fullDisk) }
        guard let store = hosts[host].store else { return job.storeFailed(.closed) }
        return store.carryOut(job)
    }

    private static let fullDisk = StoreFailure(code: .full, message: "no space left on the disk")

    /// The process is gone: some of what was on its way to the disk has arrived there, in order, the rest has not.
    mutating func abandonDisk(of host: Int) {
        let jobs = hosts[host].diskJobs
        hosts[host].diskJobs = []
        hosts[host].diskWrittenAt = now
        hosts[host].diskDoneAt = now
        guard !jobs.isEmpty else { return }
        var draw = RandomStream(seed: seed, name: "disk \(host) \(hosts[host].starts)")
        for job in jobs.prefix(Int(draw.below(UInt64(jobs.count + 1)))) { _ = outcome(of: job, host) }
    }
}
