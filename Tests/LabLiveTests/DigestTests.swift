import Foundation
import LabLive
import Testing

@Suite("Digests across processes")
struct DigestTests {
    private func simulate(seed: Int) throws -> String {
        let program = try #require(Place.program, "build the program first")
        let output = try Tool.run(
            program,
            [
                "simulate", Place.file("node.yaml"), "--scenario", Place.file("scenarios/two-minute-cycle.yaml"),
                "--seed", "\(seed)", "--format", "json",
            ]
        )
        struct Run: Decodable { let digest: String }
        return try JSONDecoder().decode(Run.self, from: Data(output.utf8)).digest
    }

    @Test("two processes with one seed agree to the last bit, another seed does not")
    func acrossProcesses() throws {
        let first = try simulate(seed: 3)
        #expect(try simulate(seed: 3) == first)
        #expect(try simulate(seed: 4) != first)
    }
}
