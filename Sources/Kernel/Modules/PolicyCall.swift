import Wire

/// The callbacks that every role has, as a value, so that the node can call a policy without knowing its role.
enum PolicyCall {
    case start
    case fired(TimerCode)
    indirect case linkUp(Link)
    indirect case linkDown(Link, Reason)
    case persisted(Token)
    case storeFailed(Token)
    case rows([StoreBatch.Row], Token)
    case verified(Token, mask: UInt64)
    case reconfigured
    case resolved(Resolution, Token)
    indirect case identityConflict(IdentityConflict?)
    case shutdown
}

extension Policy {
    mutating func perform(_ call: PolicyCall, _ context: inout Context) {
        switch call {
        case .start: start(&context)
        case .fired(let code): fired(code: code, &context)
        case .linkUp(let link): linkUp(link, &context)
        case .linkDown(let link, let reason): linkDown(link, reason, &context)
        case .persisted(let token): persisted(token, &context)
        case .storeFailed(let token): storeFailed(token, &context)
        case .rows(let rows, let token): self.rows(rows, token, &context)
        case .verified(let token, let mask): verified(token, mask: mask, &context)
        case .reconfigured: reconfigured(&context)
        case .resolved(let resolution, let token): resolved(resolution, token, &context)
        case .identityConflict(let conflict): identityConflict(conflict, &context)
        case .shutdown: shutdown(&context)
        }
    }
}
