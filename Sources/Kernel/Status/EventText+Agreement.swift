import Wire

extension EventText {
    func agreementLine(_ link: LinkID, _ identity: Identity?, _ remote: Endpoint, _ value: String) -> Line {
        let file = value.contains(".") || value == "consensus" || value == "application" ? "profile" : "network file"
        let text =
            "Peer \(place(identity, remote)) holds another value of '\(value)' than this node, so the two refuse each other: "
            + "compare the \(file) on both hosts"
        return line(
            isMember(identity, remote) ? .error : .info, text,
            fields(link, identity, remote, [Field(key: "value", value: value)]))
    }
}
