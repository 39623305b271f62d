namespace Strake.Daemon.BuildKit.Progress;

/// <summary>Lines of a Dockerfile that clients draw beside an error or a warning.</summary>
/// <param name="FileName">What the file is called.</param>
/// <param name="Content">All of it.</param>
/// <param name="FirstLine">The first line, from 1.</param>
/// <param name="LastLine">The last line.</param>
sealed record SourceSpot(string FileName, ReadOnlyMemory<byte> Content, int FirstLine, int LastLine);
