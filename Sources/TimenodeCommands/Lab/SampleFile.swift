import Foundation
import Lab
import SystemErrors

/// Looks at nodes as JSON lines: kept while they are made, and read again.
struct SampleFile {
    private let handle: FileHandle
    private let path: String

    /// Makes the file. One that is there may be another recording, and is left as it is.
    init(creating path: String) throws(CommandFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw CommandFailure(
                    .failed, "\(path) exists already and is left as it is",
                    help: "Name another file, or leave --rpc out to learn from this one."
                )
            }
            throw CommandFailure(.failed, "cannot make \(path): \(SystemErrorText.words(errno))")
        }
        self.path = path
        self.handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Adds looks, each as a line.
    func add(_ samples: [StatusSample]) throws(CommandFailure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = Data()
        do {
            for sample in samples {
                lines.append(try encoder.encode(sample))
                lines.append(UInt8(ascii: "\n"))
            }
            try handle.write(contentsOf: lines)
        } catch {
            throw CommandFailure(.failed, "cannot write \(path): \(SystemErrorText.of(error))", cause: error)
        }
    }

    /// Reads what was kept. A last line that was cut off is left out: whoever wrote it was stopped.
    static func read(_ path: String) throws(CommandFailure) -> [StatusSample] {
        let data = try Files.contents(of: path)
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let decoder = JSONDecoder()
        var samples: [StatusSample] = []
        for (index, line) in lines.enumerated() where !line.isEmpty {
            do {
                samples.append(try decoder.decode(StatusSample.self, from: Data(line)))
            } catch {
                if index == lines.count - 1 { break }
                throw CommandFailure(
                    .usage, "\(path):\(index + 1): this is no look at a node", help: "Is it a file of --samples?",
                    cause: error
                )
            }
        }
        return samples
    }
}
