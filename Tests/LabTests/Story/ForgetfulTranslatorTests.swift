import Testing
import Wire

@testable import Lab

struct ForgetfulTranslatorTests {
    @Test(
        "links through a translator that forgets after four seconds stay up once the pattern is noticed",
        arguments: [3, 4, 5])
    func adapts(seed: UInt64) throws {
        let run = try StoryTrace("forgetful-translator", seed: seed)
        let ends = run.events(of: "n1").filter { entry in
            if case .linkEnded(_, _, _, _, _, true, _) = entry.event { true } else { false }
        }
        // It would be one in 20 s with each of five peers, for ever: 150.
        #expect(ends.count < 30)
        #expect(ends.allSatisfy { $0.at < 120 })
        let notes = run.events(of: "n1").compactMap { entry -> String? in
            if case .note(.warning, let text) = entry.event { text } else { nil }
        }
        #expect(notes.contains { $0.contains("forgets idle connections") && $0.contains("layered.kernel.idle") })
    }
}
