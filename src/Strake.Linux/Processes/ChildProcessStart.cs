using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>How a program is to be started: nothing of ours reaches it that is not named here, neither environment nor descriptors.</summary>
public sealed record ChildProcessStart
{
    /// <summary>The program: a path, or a name that is looked for in our PATH.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments after the program's own name; no shell looks at them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The environment, <c>NAME=value</c> each; empty unless given.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The directory to start in; ours if null. A relative program is looked up from there.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Standard input; null for /dev/null. Stays the caller's, as all handles here, and may be closed after the start.</summary>
    public SafeHandle? Input { get; init; }

    /// <summary>Standard output; null for /dev/null.</summary>
    public SafeHandle? Output { get; init; }

    /// <summary>Standard error; null for /dev/null.</summary>
    public SafeHandle? Error { get; init; }

    /// <summary>More descriptors, by the numbers that the program sees: 3 and above.</summary>
    public IReadOnlyDictionary<int, SafeHandle> Descriptors { get; init; } = new Dictionary<int, SafeHandle>();

    /// <summary>Whether it leads a session of its own (and so a process group), without a controlling terminal.</summary>
    public bool NewSession { get; init; }

    /// <summary>Whether it leads a process group of its own, so that it can be killed together with what it starts.</summary>
    public bool NewProcessGroup { get; init; }
}
