import Kernel
import Wire

extension FuzzTarget {
    /// The body of a module's message, of every kind that a shipped module declares. For modules of your own, `MessageFuzz`
    /// does the same with your types.
    static let messages = FuzzTarget(
        name: "messages",
        seeds: { fuzz.seeds.map { Seed(name: $0.name, bytes: $0.bytes) } },
        run: { bytes in
            let problem = fuzz.problem(in: bytes)
            promise(problem == nil, problem ?? "")
        }
    )

    private static let fuzz = MessageFuzz(registry.messages)
}
