# first

# escape=` (too late to be one)
FROM scratch
   # indented
	# with a tab
RUN echo '# no comment' # nor this
#
##
