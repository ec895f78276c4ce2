import Foundation

/// Another role of this program as a process of its own, to which lines are said and which answers in lines.
final class Child {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer = Data()

    init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    var identifier: Int32 { process.processIdentifier }

    func say(_ line: String) { input.fileHandleForWriting.write(Data((line + "\n").utf8)) }

    /// The next line; throws once the child says no more.
    func hear() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
                buffer = Data(buffer[buffer.index(after: end)...])
                return line
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure("a process of role '\(process.arguments ?? [])' ended") }
            buffer.append(more)
        }
    }

    /// The end of its input is the end of it.
    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What the system knows of a process.
struct ProcessFigures {
    /// Bytes.
    let resident: Double
    /// Seconds of processor time, of all threads.
    let processor: Double
    /// Times that a thread of it waited and was woken.
    let wakeups: Double

    init(_ process: Int32) throws {
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: "/proc/\(process)/\(name)", encoding: .utf8)
        }
        let pages = try text("statm").split(separator: " ")
        resident = Double(pages[1]).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) } ?? 0
        // Behind the name, which may hold spaces: field 3 is the first, 14 and 15 are the times.
        let fields = try text("stat").split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.count > 12 ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
        processor = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        var count = 0.0
        for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task") {
            for line in try text("task/\(thread)/status").split(separator: "\n")
            where line.hasPrefix("voluntary_ctxt_switches:") {
                count += Double(line.split(separator: "\t").last ?? "") ?? 0
            }
        }
        wakeups = count
    }
}

/// The middle value; of an even number the lower one.
func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[(values.count - 1) / 2]
}

func percentile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}
