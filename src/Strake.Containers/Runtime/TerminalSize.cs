using System.Globalization;
using System.Text;
using Strake.Linux;

namespace Strake.Containers;

/// <summary>Tells conmon the size of a terminal.</summary>
static class TerminalSize
{
    // WIN_RESIZE_EVENT in conmon's config.h.
    const int Resize = 1;

    /// <summary>Writes the size to conmon's control fifo: <c>1 height width</c>, a line.</summary>
    /// <param name="fifo">The fifo.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="StrakeException">Conflict: the process has ended. Invalid: a size that is none.</exception>
    public static Task SetAsync(string fifo, int height, int width)
    {
        if (height is < 0 or > ushort.MaxValue || width is < 0 or > ushort.MaxValue)
            throw StrakeException.Invalid($"invalid terminal size: {height} rows, {width} columns");
        try
        {
            using var control = Syscall.TryOpen(fifo, OpenFlags.WriteOnly | OpenFlags.NonBlocking);
            if (control is not null)
            {
                Syscall.TryWrite(control, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Resize} {height} {width}\n")));
                return Task.CompletedTask;
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.ENXIO or Errno.EPIPE)
        {
            // Observed: conmon has ended. Told below.
        }

        throw StrakeException.Conflict("cannot resize: the process has ended");
    }
}
