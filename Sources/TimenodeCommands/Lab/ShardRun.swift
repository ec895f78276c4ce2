import ArgumentParser
import Crypto
import Foundation
import Kernel
import Lab

extension ComparisonPart.Shard: ExpressibleByArgument {
    /// `I/N`.
    public init?(argument: String) {
        let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let index = numbers[0], let of = numbers[1] else { return nil }
        self.init(index: index, of: of)
    }
}

/// One part of a comparison's runs, made and written by itself.
struct ShardRun {
    let shard: ComparisonPart.Shard
    let scenario: Scenario
    let candidates: [SimulatedProfile]
    let firstSeed: UInt64
    let seedCount: Int
    /// Runs at a time.
    let width: Int

    /// Makes the runs.
    ///
    /// - Parameter progress: told how many runs of how many are done, after each.
    func part(progress: @escaping @Sendable (Int, Int) -> Void) async throws -> ComparisonPart {
        var part = ComparisonPart(
            of: scenario, driver: "simulation", program: try Program.current(), firstSeed: firstSeed,
            seedCount: seedCount, shard: shard, profiles: candidates
        )
        let own = part.ownRuns
        guard !own.isEmpty else {
            throw CommandFailure(
                .usage, "part \(shard.index) of \(shard.of) has no run: there are \(candidates.count * seedCount) runs",
                help: "Divide by at most the number of runs, which is profiles times seeds."
            )
        }
        for (index, candidate) in candidates.enumerated() {
            guard !candidates[..<index].contains(where: { $0.name == candidate.name }) else {
                throw CommandFailure(
                    .usage, "two profiles are named '\(candidate.name)'", help: "Rename one, or list it once."
                )
            }
        }
        let jobs = own.map {
            ParallelRuns.Job(
                profile: candidates[$0.profile], seed: $0.seed, collectsTimeline: $0.seed == firstSeed
            )
        }
        let results = try await ParallelRuns.run(jobs, scenario: scenario, width: width) { progress($0, jobs.count) }
        for (run, result) in zip(own, results) { part.append(result, profile: run.profile) }
        return part
    }

    /// What is running.
    enum Program {
        static func current() throws -> ComparisonPart.Program {
            let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
            return ComparisonPart.Program(version: Version.text, build: try digest(of: path))
        }

        private static func digest(of path: String) throws(CommandFailure) -> String {
            do {
                let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                defer { try? file.close() }
                var hash = SHA256()
                while let block = try file.read(upToCount: 1 << 20), !block.isEmpty { hash.update(data: block) }
                return hash.finalize().map { byte in
                    let digits = String(byte, radix: 16)
                    return digits.count == 1 ? "0" + digits : digits
                }.joined()
            } catch {
                throw CommandFailure(
                    .failed, "cannot tell which program this is: reading \(path) failed: \(error.localizedDescription)",
                    cause: error
                )
            }
        }
    }
}
