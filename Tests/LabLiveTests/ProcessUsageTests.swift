import Testing

@testable import LabLive

@Suite("What a process has used") struct ProcessUsageTests {
    @Test("processor time and memory are read whatever the program is called")
    func usage() {
        let stat =
            "12 (a) b) S 1 " + (5...13).map(String.init).joined(separator: " ") + " 150 50 0 0 20 0 3 0 99 7 25 0"
        let usage = ProcessUsage(stat: stat, ticksPerSecond: 100, pageBytes: 4_096)
        #expect(usage == ProcessUsage(cpuSeconds: 2, residentBytes: 102_400))
        #expect(ProcessUsage(stat: "12 (a", ticksPerSecond: 100, pageBytes: 4_096) == nil)
    }
}
