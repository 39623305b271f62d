namespace Strake.Build;

/// <summary>A file whose content stands in the Dockerfile.</summary>
/// <param name="Document">Name and content.</param>
public sealed record InlineSource(HereDocument Document) : CopySource;
