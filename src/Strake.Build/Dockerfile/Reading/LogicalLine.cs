namespace Strake.Build;

/// <summary>An instruction's line with those that continue it.</summary>
/// <param name="Text">The lines joined, with blanks around it as they stand.</param>
/// <param name="Lines">Where it stands.</param>
/// <param name="HasEmptyLine">Whether one of the lines that continue it was empty.</param>
sealed record LogicalLine(string Text, SourceLines Lines, bool HasEmptyLine);
