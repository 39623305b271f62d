using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>
/// What a volume was asked to be, beside its content: a volume that is copied to another machine, or whose record is lost, is still what it was.
/// </summary>
/// <param name="Options">What its maker asked of the driver; a size as it was last set.</param>
/// <param name="Backend">The backend that keeps it; empty where it is mounted by type and device.</param>
/// <param name="Project">The number that its files have where the backend counts by projects; 0: none.</param>
/// <param name="Dataset">The dataset that holds it where the backend has one for each; null: none.</param>
sealed record LocalFile(IReadOnlyDictionary<string, string> Options, string Backend, uint Project = 0, string? Dataset = null)
{
    /// <summary>What is meant where there is no file: a plain directory.</summary>
    public static readonly LocalFile Plain = new(new Dictionary<string, string>(), DirectoryBackend.BackendName);

    /// <summary>Reads a volume's file.</summary>
    /// <exception cref="StrakeException">DataLoss: it cannot be read as what it should be; names it.</exception>
    public static LocalFile Read(VolumeHome home)
    {
        if (!File.Exists(home.Options))
            return Plain;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(home.Options), LocalJson.Default.LocalFile)
                ?? throw StrakeException.DataLoss($"{home.Options} holds nothing; restore it, or remove the volume");
        }
        catch (JsonException e)
        {
            throw StrakeException.DataLoss($"{home.Options} cannot be read: {e.Message}; restore it, or remove the volume", e);
        }
    }

    /// <summary>As <see cref="Read"/>; null where it cannot be read: what is to be removed is not kept from it by that.</summary>
    public static LocalFile? TryRead(VolumeHome home)
    {
        try
        {
            return Read(home);
        }
        catch (StrakeException unreadable) when (unreadable.Kind is ErrorKind.DataLoss)
        {
            return null;
        }
    }

    /// <summary>Writes a volume's file; durable on return.</summary>
    public void Write(VolumeHome home) =>
        DurableFile.Write(home.Options, Encode(), Permissions.Octal0600);

    /// <summary>Writes a volume's file, where what it says can be had from elsewhere after a power cut.</summary>
    /// <param name="own">The volume's directory.</param>
    /// <param name="home">The volume.</param>
    public void WriteUnsynced(SafeFileHandle own, VolumeHome home) =>
        DurableFile.WriteUnsynced(own, Path.GetFileName(home.Options), Encode(), Permissions.Octal0600);

    byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, LocalJson.Default.LocalFile);
}
