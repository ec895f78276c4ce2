import Crypto
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct SecretTests {
    @Test("nothing that holds the identity's key shows it when it is printed")
    func printed() throws {
        let key = Curve25519.Signing.PrivateKey()
        let seed = Array(key.rawRepresentation)
        let configuration = try TestNode.configuration(.init(security: .tls, key: key), Journal())
        let security = try TLSSecurity(key: key, validity: .seconds(60), now: WallTime(milliseconds: 0))
        var texts: [String] = []
        for value: Any in [configuration, security, Ed25519Signer(key)] {
            texts.append("\(value)")
            texts.append(String(reflecting: value))
            var dumped = ""
            dump(value, to: &dumped)
            texts.append(dumped)
        }
        let hexadecimal = try #require(Bytes32(seed)).hex
        let decimal = seed.prefix(8).map { "\($0)" }.joined(separator: ", ")
        let dumpedBytes = seed.prefix(8).map { "- \($0)\n" }
        for text in texts {
            #expect(!text.lowercased().contains(hexadecimal))
            #expect(!text.contains(decimal))
            // One byte a line, as `dump` shows an array.
            let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } + "\n" }
            #expect(!lines.indices.contains { lines[$0...].prefix(8).elementsEqual(dumpedBytes) { $0 == $1[...] } })
        }
    }
}
