import Wire

/// The callbacks that every role has, as a value, so that the node can call a policy without knowing its role.
enum PolicyCall {
    case start
    case fired(TimerCode)
    indirect case linkUp(Link)
    indirect case linkDown(Link, Reason)
    case stored(StoreReply)
    case verified(Verification, Token)
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
        case .stored(let reply): stored(reply, &context)
        case .verified(let verification, let token): verified(verification, token, &context)
        case .reconfigured: reconfigured(&context)
        case .resolved(let resolution, let token): resolved(resolution, token, &context)
        case .identityConflict(let conflict): identityConflict(conflict, &context)
        case .shutdown: shutdown(&context)
        }
    }
}
