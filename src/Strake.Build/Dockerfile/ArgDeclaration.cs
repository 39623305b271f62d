namespace Strake.Build;

/// <summary>One name that ARG declares.</summary>
/// <param name="Name">The word before the equals sign, or all of it.</param>
/// <param name="Default">The word after it; null when there is no equals sign.</param>
public sealed record ArgDeclaration(string Name, string? Default);
