namespace Strake.Build;

/// <summary>Puts variables into words and takes quotes off, by the rules of Dockerfiles. Pure; safe for use by several threads.</summary>
/// <remarks>
/// <para>Dockerfile reference, "Environment replacement". Known are <c>$v ${v} ${v:-w} ${v-w} ${v:+w} ${v+w} ${v:?w} ${v?w} ${v#p} ${v##p}
/// ${v%p} ${v%%p} ${v/p/r} ${v//p/r}</c>, where w is a word that is expanded itself and p a pattern with <c>*</c> and <c>?</c>.</para>
/// <para>Between single quotes all characters mean themselves; between double quotes variables are put in, and the escape character
/// works before <c>"</c>, <c>$</c> and itself. The time that an expansion takes is bounded by <see cref="DockerfileLimits"/>.</para>
/// </remarks>
/// <param name="escape">The escape character: <see cref="ParserDirectives.Escape"/>.</param>
/// <example><code>
/// new WordExpander().Expand("${name:-world}!", name => null).Text // "world!"
/// </code></example>
public sealed class WordExpander(char escape = ParserDirectives.DefaultEscape)
{
    /// <summary>Expands a word.</summary>
    /// <param name="word">The word as written.</param>
    /// <param name="variables">A variable's value; null when it is not set.</param>
    /// <param name="options">What stays as it is.</param>
    /// <exception cref="StrakeException">
    /// Invalid: a quote or brace is not closed, a modifier or pattern is none, <c>${v:?}</c> found nothing, or a limit is passed.
    /// </exception>
    public Expansion Expand(string word, Func<string, string?> variables, ExpansionOptions options = ExpansionOptions.None) =>
        new WordLexer(word, escape, variables, options, DockerfileLimits.ExpandedChars).Expand();

    /// <summary>
    /// Expands a here-document's content. Quotes are no quotes there, and the escape character is a backslash whatever the directives say.
    /// </summary>
    /// <inheritdoc cref="Expand" path="/exception"/>
    public static Expansion ExpandDocument(string content, Func<string, string?> variables) => new WordLexer(
        content, ParserDirectives.DefaultEscape, variables, ExpansionOptions.PlainQuotes, DockerfileLimits.ExpandedDocumentChars).Expand();
}
