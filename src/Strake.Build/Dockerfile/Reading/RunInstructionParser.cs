namespace Strake.Build;

/// <summary>Reads RUN.</summary>
static class RunInstructionParser
{
    /// <summary>Reads RUN.</summary>
    /// <exception cref="StrakeException">Invalid: says what.</exception>
    public static RunInstruction Parse(RawInstruction raw)
    {
        var flags = new InstructionFlags(
            raw.Flags, ("mount", FlagKind.Texts), ("network", FlagKind.Text), ("security", FlagKind.Text), ("device", FlagKind.Texts));
        if (flags.Texts("device").Count > 0) throw DockerfileFault.Invalid("RUN --device is not supported: this builder gives no devices to builds");
        foreach (var mount in flags.Texts("mount")) RunMountParser.Check(mount);
        CheckDocuments(raw);
        return new RunInstruction
        {
            Command = InstructionParser.Command(raw.Json, raw.Arguments),
            Documents = raw.Documents,
            Mounts = flags.Texts("mount"),
            Network = Network(flags.Text("network")),
            Security = Security(flags.Text("security")),
        };
    }

    // A flag must not hide or announce a here-document: the command is what the shell gets.
    static void CheckDocuments(RawInstruction raw)
    {
        if (raw.Flags.Count == 0 || raw.Json is not null) return;
        if (!HereDocumentMark.FindIn(raw.Arguments).Select(mark => mark.Name).SequenceEqual(raw.Documents.Select(document => document.Name)))
            throw DockerfileFault.Invalid("RUN: quotes in a flag make it unclear where here-documents are");
    }

    static RunNetwork Network(string? value) => value switch
    {
        null or "default" => RunNetwork.Default,
        "none" => RunNetwork.None,
        "host" => RunNetwork.Host,
        _ => throw DockerfileFault.Invalid($"invalid network mode {GoText.Quote(value)}"),
    };

    static RunSecurity Security(string? value) => value switch
    {
        null or "sandbox" => RunSecurity.Sandbox,
        "insecure" => RunSecurity.Insecure,
        _ => throw DockerfileFault.Invalid($"security {GoText.Quote(value)} is not valid"),
    };
}
