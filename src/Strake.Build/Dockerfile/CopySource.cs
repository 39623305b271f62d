namespace Strake.Build;

/// <summary>What COPY or ADD takes: a path or a here-document.</summary>
public abstract record CopySource
{
    private protected CopySource()
    {
    }
}
