namespace Strake.Containers;

/// <summary>Something that is not as the records say.</summary>
/// <param name="Subject">What it is about: a container's id, a path.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
public sealed record Finding(string Subject, string Message);
