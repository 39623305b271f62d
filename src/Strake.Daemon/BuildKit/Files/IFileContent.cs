namespace Strake.Daemon.BuildKit.Files;

/// <summary>Takes the bytes of one file.</summary>
interface IFileContent
{
    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">The bytes; the caller's again afterwards.</param>
    /// <exception cref="StrakeException">They cannot be kept.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>There are no more. Called once, also for a file without any.</summary>
    /// <exception cref="StrakeException">The file cannot be finished.</exception>
    void Complete();
}
