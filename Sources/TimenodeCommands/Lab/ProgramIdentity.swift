import ArgumentParser
import Crypto
import Foundation
import Lab
import SystemErrors

extension ComparisonPart.Shard: ExpressibleByArgument {
    /// `I/N`.
    public init?(argument: String) {
        let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let index = numbers[0], let of = numbers[1] else { return nil }
        self.init(index: index, of: of)
    }
}

/// What is running, for parts of a comparison: those of different programs are not joined.
enum ProgramIdentity {
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
                .failed, "cannot tell which program this is: reading \(path) failed: \(SystemErrorText.of(error))",
                cause: error
            )
        }
    }
}
