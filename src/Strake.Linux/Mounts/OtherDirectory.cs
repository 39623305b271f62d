using System.Runtime.ExceptionServices;

namespace Strake.Linux;

/// <summary>
/// Runs something with another working directory: on a thread of its own, which stops sharing that with the others and then ends.
/// </summary>
static class OtherDirectory
{
    /// <summary>Runs it and waits.</summary>
    /// <param name="directory">The working directory.</param>
    /// <param name="action">What is to be run; its exception comes out here.</param>
    /// <exception cref="LinuxException">The directory cannot be entered.</exception>
    public static void Run(string directory, Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Syscall.Unshare(Namespaces.FileSystem);
                Syscall.Chdir(directory);
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
