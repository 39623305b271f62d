namespace Strake.Build;

/// <summary>ONBUILD: an instruction for the builds that have this image as their base.</summary>
public sealed record OnbuildInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "ONBUILD";

    /// <summary>
    /// The trigger as the image's config keeps it: one line, and with here-documents their lines after it.
    /// A build that has the image as its base reads it with <see cref="DockerfileParser.ParseTrigger"/>.
    /// </summary>
    public required string Expression { get; init; }

    /// <summary>
    /// The trigger, read; never FROM, MAINTAINER or another ONBUILD. Null when it is no instruction that could be read: as with Docker,
    /// the builds on the image fail then, not this one.
    /// </summary>
    public required Instruction? Trigger { get; init; }
}
