namespace Strake.Daemon.BuildKit.Solving;

/// <summary>What stands for a stage, an image, or a context of a name: <c>--build-context</c>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">A directory's name with the client, an image's name, a URL.</param>
sealed record NamedContext(NamedContextKind Kind, string Value);
