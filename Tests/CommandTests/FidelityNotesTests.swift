import Foundation
import Testing

@testable import TimenodeCommands

@Suite("What is noted beside the scenarios of the real kernel") struct FidelityNotesTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("a scenario that takes more runs has the seeds that follow, and the others have theirs")
    func runs() throws {
        try FileManager.default.createDirectory(atPath: directory.file("notes"), withIntermediateDirectories: true)
        let text = """
            runs: [{scenario: lossy, runs: 5}]
            deviations: [{scenario: all, profile: p, metric: dials_per_hour_per_node, why: chance}]

            """
        try text.write(toFile: directory.file("notes/deviations.yaml"), atomically: true, encoding: .utf8)
        let notes = try FidelityNotes(beside: directory.file("lossy.yaml"))
        #expect(notes.seeds([4, 5], of: "lossy") == [4, 5, 6, 7, 8])
        #expect(notes.seeds([1, 2, 3, 4, 5, 6], of: "lossy") == [1, 2, 3, 4, 5, 6])
        #expect(notes.seeds([4, 5], of: "calm") == [4, 5])
        #expect(notes.deviations.map(\.scenario) == [""])
    }

    @Test("where nothing is noted, every scenario has the seeds that were asked for")
    func none() throws {
        let notes = try FidelityNotes(beside: directory.file("lossy.yaml"))
        #expect(notes.seeds([4, 5], of: "lossy") == [4, 5])
        #expect(notes.deviations.isEmpty)
    }
}
