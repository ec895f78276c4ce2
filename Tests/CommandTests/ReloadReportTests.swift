import Testing

@testable import TimenodeCommands

@Suite("The report of a reload") struct ReloadReportTests {
    private static let report = ReloadReport(serial: "1", outcome: .done, steps: ["one"], problems: [])

    @Test("reads back as it was written, and is nil where no node has written one")
    func roundTrip() throws {
        let directory = try TemporaryDirectory()
        #expect(try ReloadReport.read(in: directory.path) == nil)
        try Self.report.write(in: directory.path)
        #expect(try ReloadReport.read(in: directory.path) == Self.report)
    }

    @Test("one that is no report is told by its name, and not taken for none")
    func broken() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("{}", to: "reload.json")
        let error = #expect(throws: CommandFailure.self) { try ReloadReport.read(in: directory.path) }
        #expect(error?.message == "\(path) is no report of a reload")
        #expect(error?.cause != nil && error?.help != nil)
    }

    @Test("one that cannot be read is told with the system's reason")
    func unreadable() throws {
        let directory = try TemporaryDirectory()
        // A folder, since who runs the tests may be allowed to read every file.
        try Files.makeDirectory(directory.file("reload.json"))
        let error = #expect(throws: CommandFailure.self) { try ReloadReport.read(in: directory.path) }
        #expect(error?.message.hasPrefix("cannot read \(directory.file("reload.json")): ") == true)
    }
}
