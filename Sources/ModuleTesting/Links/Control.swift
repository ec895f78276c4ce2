import Kernel
import Synchronization
import Wire

/// Lets a test act inside a node, between two callbacks of its modules: a liveness module that does what it is told
/// whenever its node is told of long work.
package struct Control: LivenessPolicy {
    /// What is to be done next.
    package final class Orders: Sendable {
        package typealias Order = @Sendable (inout Context) -> Void

        private let pending = Mutex<[Order]>([])

        package init() {}

        package func add(_ order: @escaping Order) { pending.withLock { $0.append(order) } }

        fileprivate func take() -> [Order] {
            pending.withLock { orders in
                defer { orders = [] }
                return orders
            }
        }
    }

    private let orders: Orders
    package var state = NoState()

    package init(_ orders: Orders) {
        self.orders = orders
    }

    /// Answers nothing: whatever a node says is then the tried module's.
    package mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {}

    package mutating func workAhead(upTo limit: Duration, _ context: inout Context) {
        for order in orders.take() { order(&context) }
    }
}
