import Wire

extension Reason {
    /// Whether a link that this end gave up for it may still be up at the other: what was heard here is all that it says.
    var saysThatNothingCame: Bool {
        switch self {
        case .timedOut, .silent, .pingTimeout: true
        default: false
        }
    }
}
