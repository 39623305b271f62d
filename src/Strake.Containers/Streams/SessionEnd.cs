namespace Strake.Containers.Streams;

/// <summary>Why one side of a session ended.</summary>
enum SessionEnd
{
    /// <summary>The process has ended and everything it wrote was sent.</summary>
    OutputOver,

    /// <summary>The client sends no more, or the process reads no more.</summary>
    InputOver,

    /// <summary>The client typed the detach keys.</summary>
    Detached,

    /// <summary>The client is gone, or the session was given up.</summary>
    ClientGone,
}
