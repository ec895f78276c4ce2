import AckCounter
import ModuleTesting
import Profile
import Testing

@Suite("ack-counter")
struct AckCounterTests {
    @Test("it conforms to the rules of liveness modules")
    func conforms() throws {
        try LivenessConformance(AckCounter.descriptor).run().expectConforming()
    }

    @Test("it conforms when it is impatient, too")
    func conformsInHaste() throws {
        let options = try Options.defaults(of: AckCounter.descriptor.spec.options)
            .setting("quiet", to: .duration(.seconds(2)))
            .setting("wait", to: .duration(.milliseconds(500)))
            .setting("misses", to: .integer(1))
        try LivenessConformance(AckCounter.descriptor, options: options).run().expectConforming()
    }
}
