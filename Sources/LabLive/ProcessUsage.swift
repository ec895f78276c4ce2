import Foundation

/// What a process has used of the machine, as Linux tells it.
package struct ProcessUsage: Sendable, Hashable {
    /// Processor time since the process began, in seconds.
    package var cpuSeconds: Double
    package var residentBytes: Double

    package init(cpuSeconds: Double, residentBytes: Double) {
        self.cpuSeconds = cpuSeconds
        self.residentBytes = residentBytes
    }

    /// Nil where there is no such process, or no `/proc`.
    package init?(of process: Int32) {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
        self.init(stat: text, ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), pageBytes: Double(getpagesize()))
    }

    /// - Parameter text: a line of `/proc/PID/stat`, see proc(5): fields 14 and 15 are times in ticks, 24 is in pages.
    package init?(stat text: String, ticksPerSecond: Double, pageBytes: Double) {
        // The second field is the program's name in brackets, which may hold anything.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let pages = Double(fields[21])
        else { return nil }
        self.init(cpuSeconds: (user + system) / ticksPerSecond, residentBytes: pages * pageBytes)
    }
}
