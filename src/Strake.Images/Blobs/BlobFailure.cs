using Strake.Linux;

namespace Strake.Images;

/// <summary>What a failed call on a blob's file means.</summary>
static class BlobFailure
{
    /// <summary>Runs a call and turns its failure into one with a kind.</summary>
    public static T Guard<T>(string operation, string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Of(operation, path, e);
        }
    }

    /// <summary>The failure of an operation on a path.</summary>
    public static StrakeException Of(string operation, string path, Exception cause)
    {
        var message = $"{operation} {path}: {cause.Message}";

        // Both the runtime and our own calls keep errno in HResult.
        return cause switch
        {
            FileNotFoundException or DirectoryNotFoundException => StrakeException.NotFound(message, cause),
            _ when cause.HResult is (int)Errno.ENOENT => StrakeException.NotFound(message, cause),
            _ when cause.HResult is (int)Errno.ENOSPC or (int)Errno.EDQUOT =>
                StrakeException.Exhausted($"{message}; free some space and try again", cause),
            _ => StrakeException.Unavailable(message, cause),
        };
    }
}
