using System.Text;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>A message of the transfer of files.</summary>
/// <param name="Kind">What it says.</param>
/// <remarks>
/// fsutil's protocol: the sender lists its files in the order of a walk, the receiver asks for the bytes of those that it wants by their place
/// in that list, from 0, while the list still comes; the sender sends them, several files mixed; the receiver says when it has all.
/// </remarks>
sealed record FilePacket(FilePacketKind Kind)
{
    /// <summary>The file, of an <see cref="FilePacketKind.Entry"/>; null: that was the last.</summary>
    public FileEntry? Entry { get; init; }

    /// <summary>The file's place in the list.</summary>
    public uint Id { get; init; }

    /// <summary>A file's bytes, or the text of an error. Of a packet that came: valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The text of an <see cref="FilePacketKind.Error"/>.</summary>
    public string ErrorText => Encoding.UTF8.GetString(Data.Span);

    /// <summary>A packet that says why it failed.</summary>
    public static FilePacket Failure(string text) => new(FilePacketKind.Error) { Data = Encoding.UTF8.GetBytes(text) };
}
