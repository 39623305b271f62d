namespace Strake.Build;

/// <summary>What a pattern has to do with a path.</summary>
[Flags]
enum PatternMatch
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It matches the path.</summary>
    Self = 1,

    /// <summary>It matches a directory above the path.</summary>
    Parent = 2,

    /// <summary>It can match something below the path.</summary>
    Below = 4,
}
