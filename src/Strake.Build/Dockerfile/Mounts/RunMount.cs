namespace Strake.Build;

/// <summary>What <c>RUN --mount</c> asks for, variables put in. The set of kinds is closed.</summary>
/// <remarks>Dockerfile reference, "RUN --mount".</remarks>
/// <example><code>
/// var mounts = run.Mounts.Select(word => RunMount.Parse(word, value => expander.Expand(value, variables).Text));
/// </code></example>
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

    /// <summary>Reads a mount.</summary>
    /// <param name="word">A word of <see cref="RunInstruction.Mounts"/>: fields between commas, <c>key=value</c> or <c>key</c>.</param>
    /// <param name="expand">
    /// Puts variables into a value. Values are expanded one by one, after the fields are split, so that a comma in a variable stays in its
    /// value; null when they have been.
    /// </param>
    /// <exception cref="StrakeException">Invalid: a key, a value or their combination, in Docker's words; or what <paramref name="expand"/> throws.</exception>
    public static RunMount Parse(string word, Func<string, string>? expand = null) => RunMountParser.Parse(word, expand ?? (value => value));
}
