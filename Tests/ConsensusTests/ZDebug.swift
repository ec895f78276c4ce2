import Testing
import Kernel
import Wire
@testable import Consensus
@Test func zdebug() {
    let mesh = Mesh(TestNetwork(5, minimum: 1), seed: 21)
    mesh.trace = true
    mesh.advance(by: .seconds(120))
    mesh.deliverAll()
    for node in 0..<4 { mesh.link(node, node + 1) }
    mesh.deliverAll()
    for r in mesh.rigs { print(r.number, r.tip) }
    for e in mesh.rigs[0].events { print(e) }
}
