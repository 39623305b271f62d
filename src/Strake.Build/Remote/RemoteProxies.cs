using Strake.Images;

namespace Strake.Build;

/// <summary>The proxies of one build: those that its arguments name, and else the engine's own.</summary>
/// <param name="arguments">The build's arguments.</param>
/// <param name="options">Has the engine's environment.</param>
sealed class RemoteProxies(IReadOnlyDictionary<string, string?> arguments, RemoteOptions options)
{
    static readonly string[] s_names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];

    /// <summary>The rules for requests of our own.</summary>
    /// <exception cref="StrakeException">Invalid: no address of a proxy.</exception>
    public RegistryProxy Rules => new(Find("HTTP_PROXY") ?? Find("ALL_PROXY"), Find("HTTPS_PROXY") ?? Find("ALL_PROXY"), Find("NO_PROXY"));

    /// <summary>The variables for programs. Small letters, for only those are read for plain HTTP by curl, which is git's.</summary>
    public IEnumerable<string> Variables => s_names.Select(name => (Name: name.ToLowerInvariant(), Value: Find(name))).Where(static pair => pair.Value is not null).Select(static pair => $"{pair.Name}={pair.Value}");

    string? Find(string name) => NotEmpty(arguments.GetValueOrDefault(name)) ?? NotEmpty(arguments.GetValueOrDefault(name.ToLowerInvariant()))
        ?? NotEmpty(options.Variable(name)) ?? NotEmpty(options.Variable(name.ToLowerInvariant()));

    static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
