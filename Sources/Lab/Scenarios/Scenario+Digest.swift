import Kernel

extension Scenario {
    /// SHA-256 of everything that the scenario says, defaults included, comments and layout not.
    ///
    /// It covers every stored value of the type, so that what a scenario learns to say later counts from the start.
    public var digest: String { sha256Hex(Array(String(reflecting: self).utf8)) }
}
