namespace Strake.Build;

/// <summary>
/// The variables that instructions of a stage see: those of the image's environment, and build arguments that were declared. Of ENV and ARG with
/// one name the later one counts.
/// </summary>
/// <param name="run">The build.</param>
sealed class StageScope(BuildRun run)
{
    readonly WordExpander expander = new(run.Dockerfile.Directives.Escape);
    readonly List<KeyValuePair<string, string>> declared = [];
    readonly List<string> names = [];
    IReadOnlyList<string> environment = [];

    /// <summary>Build arguments that were declared and have a value, in the order of their declarations: RUN sees them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Declared => declared;

    /// <summary>Every name that was declared, in the order in which it first was, with what it means now: history tells of them.</summary>
    public IEnumerable<string> Told => names.Select(name => $"{name}={Find(name)}");

    /// <summary>Takes over an image's environment.</summary>
    public void Follow(IReadOnlyList<string>? variables) => environment = variables ?? [];

    /// <summary>ENV sets a variable: a build argument of that name that was declared before is none any more.</summary>
    public void Override(string name) => declared.RemoveAll(argument => argument.Key == name);

    /// <summary>Declares a build argument. What the user gave counts first, then its default, then the one from before the first FROM.</summary>
    public void Declare(ArgDeclaration declaration)
    {
        var name = Expand(declaration.Name);
        var value = run.Request.Arguments.GetValueOrDefault(name)
            ?? (declaration.Default is { } word ? Expand(word) : run.Plan.GlobalArguments.GetValueOrDefault(name));
        if (!names.Contains(name)) names.Add(name);
        declared.RemoveAll(argument => argument.Key == name);
        if (value is not null) declared.Add(new(name, value));
    }

    /// <summary>A word with its variables, as one word.</summary>
    public string Expand(string word) => expander.Expand(word, Find).Text;

    /// <summary>A word with its variables, as however many words that makes.</summary>
    public IReadOnlyList<string> ExpandMany(string word) => expander.Expand(word, Find).Words;

    /// <summary>A here-document with its variables.</summary>
    public string ExpandDocument(string text) => WordExpander.ExpandDocument(text, Find).Text;

    string? Find(string name)
    {
        foreach (var (key, value) in declared)
        {
            if (key == name) return value;
        }

        foreach (var variable in environment)
        {
            if (variable.Length > name.Length && variable[name.Length] == '=' && variable.StartsWith(name, StringComparison.Ordinal)) return variable[(name.Length + 1)..];
        }

        return null;
    }
}
