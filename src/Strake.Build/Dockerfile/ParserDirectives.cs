namespace Strake.Build;

/// <summary>Parser directives, <c># name=value</c> before all else in the file, each at most once. Dockerfile reference, "Parser directives".</summary>
public sealed record ParserDirectives
{
    /// <summary>The escape character of files that name none.</summary>
    public const char DefaultEscape = '\\';

    /// <summary>The frontend asked for, such as <c>docker/dockerfile:1</c>; null when none is.</summary>
    public string? Syntax { get; init; }

    /// <summary>The character that continues lines and takes a character's meaning away: <c>\</c> or <c>`</c>.</summary>
    public char Escape { get; init; } = DefaultEscape;

    /// <summary>Which checks to skip and whether warnings are errors, such as <c>skip=JSONArgsRecommended;error=true</c>; null when not said.</summary>
    public string? Check { get; init; }
}
