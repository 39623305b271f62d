namespace Strake.Build;

/// <summary>What a Dockerfile says: a tree of immutable records, equal when they say the same.</summary>
/// <remarks>
/// <code>
/// Dockerfile
/// ├── Directives     # syntax=… # escape=… # check=…
/// ├── GlobalArgs     ARG before the first FROM
/// └── Stages
///     ├── From       FROM image AS name
///     └── Instructions
/// </code>
/// </remarks>
/// <example><code>
/// var dockerfile = DockerfileParser.Parse("FROM scratch\nCOPY a /");
/// var copy = (CopyInstruction)dockerfile.Stages[0].Instructions[0];
/// </code></example>
public sealed record Dockerfile
{
    /// <summary>The parser directives at the top.</summary>
    public ParserDirectives Directives { get; init; } = new();

    /// <summary>The ARG instructions before the first FROM: FROM instructions see them, and stages that declare them again.</summary>
    public ValueList<ArgInstruction> GlobalArgs { get; init; } = [];

    /// <summary>The stages in their order; at least one.</summary>
    public required ValueList<Stage> Stages { get; init; }
}
