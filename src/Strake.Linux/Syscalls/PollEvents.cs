namespace Strake.Linux;

/// <summary>What a descriptor is waited for, or has become (<c>poll(2)</c>); epoll's numbers are the same.</summary>
[Flags]
public enum PollEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>POLLIN: there is something to read, or the end.</summary>
    Readable = 0x1,

    /// <summary>POLLPRI: something exceptional, such as a change of a cgroup file or of mountinfo.</summary>
    Exceptional = 0x2,

    /// <summary>POLLOUT: writing will not block.</summary>
    Writable = 0x4,

    /// <summary>POLLERR; reported unasked. For a pipe's writing end: nobody reads. For mountinfo: the table changed.</summary>
    Error = 0x8,

    /// <summary>POLLHUP; reported unasked. For a socket: both directions are closed.</summary>
    HangUp = 0x10,

    /// <summary>POLLNVAL; reported unasked: not an open descriptor.</summary>
    Invalid = 0x20,

    /// <summary>POLLRDHUP: the peer of a stream socket will send no more.</summary>
    PeerShutDown = 0x2000,
}
