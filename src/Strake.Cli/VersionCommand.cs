using Strake.Daemon;

namespace Strake.Cli;

/// <summary><c>strake version</c>.</summary>
static class VersionCommand
{
    /// <summary>Says what this build is.</summary>
    public static int Run(TextWriter output)
    {
        output.WriteLine($"Strake {Product.Version}" + (Product.Commit.Length > 0 ? $" ({Product.Commit[..Math.Min(12, Product.Commit.Length)]})" : ""));
        return 0;
    }
}
