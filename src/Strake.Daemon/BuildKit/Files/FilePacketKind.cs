namespace Strake.Daemon.BuildKit.Files;

/// <summary>What a packet of the transfer says.</summary>
/// <remarks>fsutil <c>types/wire.proto</c>.</remarks>
enum FilePacketKind
{
    /// <summary>The sender: there is this file. Without one: that was the last.</summary>
    Entry = 0,

    /// <summary>The receiver: send me this file's bytes.</summary>
    Request = 1,

    /// <summary>The sender: the next bytes of a file. Without any: that was its end.</summary>
    Data = 2,

    /// <summary>The receiver: I have all that I want; and the sender's answer.</summary>
    Finish = 3,

    /// <summary>Either: it has failed, and this is why.</summary>
    Error = 4,
}
