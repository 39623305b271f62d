namespace Strake.Linux;

/// <summary>What the other side of a stream socket has done.</summary>
public enum PeerState
{
    /// <summary>It may send and receive.</summary>
    Open,

    /// <summary>It sends no more but receives: shutdown(SHUT_WR), as the Docker client does after its standard input has ended.</summary>
    HalfClosed,

    /// <summary>It is gone.</summary>
    Closed,
}
