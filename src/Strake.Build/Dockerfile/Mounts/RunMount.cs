namespace Strake.Build;

/// <summary>What <c>RUN --mount</c> asks for, variables put in. The set of kinds is closed.</summary>
public abstract record RunMount
{
    private protected RunMount()
    {
    }

    /// <summary>
    /// The path in the container, as written: relative to the working directory when not absolute, empty when not said. See the kinds for
    /// what they make of an empty one.
    /// </summary>
    public string Target { get; init; } = "";
}
