namespace Strake.Build;

/// <summary>A command in one of its two forms.</summary>
public abstract record CommandLine
{
    private protected CommandLine()
    {
    }
}
