using System.Text;

namespace Strake.Linux;

/// <summary>What became of a program that ran to its end.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Output">The first bytes of its standard output, up to the limit.</param>
/// <param name="Error">The first bytes of its standard error, up to the limit.</param>
/// <param name="IsTruncated">Whether it wrote more than the limit to either; the rest was read and dropped.</param>
public sealed record ChildOutput(ExitStatus Status, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Error, bool IsTruncated)
{
    /// <summary>The output as text.</summary>
    public string OutputText => Encoding.UTF8.GetString(Output.Span);

    /// <summary>The standard error as text.</summary>
    public string ErrorText => Encoding.UTF8.GetString(Error.Span);
}
