namespace Strake.Build;

/// <summary>A path in the context, stage or image, with wildcards; for ADD also a URL or git reference.</summary>
/// <param name="Word">The word as written.</param>
public sealed record PathSource(string Word) : CopySource;
